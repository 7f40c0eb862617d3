/**
 * Folder names from the top down, joined by ` / `. Where there is no room for all of them, those above give way: the last
 * one says where something is. It takes the room it is given, and asks a table for none.
 */
export function FolderPath({ names }: { names: string }) {
  const end = names.lastIndexOf(' / ') + 1
  return (
    <span title={names} className="flex contain-inline-size">
      {end > 0 && (
        <span className="min-w-4 shrink-[9999] truncate whitespace-pre">{names.slice(0, end)}</span>
      )}
      <span data-leaf className="min-w-0 whitespace-normal wrap-anywhere">
        {names.slice(end)}
      </span>
    </span>
  )
}

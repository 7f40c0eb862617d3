/**
 * Folder names from the top down, joined by ` / `. If there is no room for all of them, the upper ones are
 * truncated: the last one says where something is. It uses the width it is given, and claims none in a table.
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

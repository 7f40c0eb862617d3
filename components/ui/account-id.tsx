/** 16 digits in four groups. The gaps are margins, so a copied ID has no spaces in it. */
export function AccountId({ id }: { id: string }) {
  const groups = id.length === 16 ? (id.match(/.{4}/g) ?? [id]) : [id]
  return (
    <span translate="no" className="whitespace-nowrap tabular-nums">
      {groups.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one id never move
        <span key={index} className="not-first:ml-[0.28em]">
          {group}
        </span>
      ))}
    </span>
  )
}

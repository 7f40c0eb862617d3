/** The logo: a list of members, the last one just added. Decorative beside the name, so hidden. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 22 22" className="shrink-0">
      <rect width="22" height="22" rx="6" className="fill-text" />
      <g className="fill-surface" opacity="0.6">
        <circle cx="6.5" cy="7" r="1.25" />
        <rect x="9.25" y="5.75" width="7.75" height="2.5" rx="1.25" />
        <circle cx="6.5" cy="11.25" r="1.25" />
        <rect x="9.25" y="10" width="7.75" height="2.5" rx="1.25" />
      </g>
      <g className="fill-codeKey">
        <circle cx="6.5" cy="15.5" r="1.25" />
        <rect x="9.25" y="14.25" width="4.75" height="2.5" rx="1.25" />
      </g>
    </svg>
  )
}

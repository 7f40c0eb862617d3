/** Moves focus to what is no control: a place from where keyboard and screen reader go on. */
export function focusPlace(place: HTMLElement): void {
  place.tabIndex = -1
  place.focus({ preventScroll: true })
}

/**
 * Moves focus to an element that is not a control, as a place from where keyboard and screen reader continue.
 */
export function focusPlace(place: HTMLElement): void {
  place.tabIndex = -1
  place.focus({ preventScroll: true })
}

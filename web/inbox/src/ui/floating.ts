// Puts something beside a button and above everything else, wholly within the window.

const GAP = 6;
const EDGE = 8;

/** Shows it (it has the attribute popover) until the answer is called; `leave` when the button is scrolled away. */
export function placeBeside(button: HTMLElement, floating: HTMLElement, leave: () => void): () => void {
  floating.showPopover();
  const place = (): void => {
    const { top, bottom, left, right } = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = floating;
    const { clientWidth, clientHeight } = document.documentElement;
    const isBelow = bottom + GAP + height + EDGE <= clientHeight || top < clientHeight - bottom;
    const y = isBelow ? bottom + GAP : top - GAP - height;
    const x = (left + right) / 2 < clientWidth / 2 ? left : right - width;
    floating.style.top = `${clamp(y, clientHeight - height)}px`;
    floating.style.left = `${clamp(x, clientWidth - width)}px`;
  };
  place();
  const onScroll = (): void => {
    const { top, bottom } = button.getBoundingClientRect();
    if (bottom < 0 || top > document.documentElement.clientHeight) leave();
    else place();
  };
  const observer = new ResizeObserver(place);
  observer.observe(floating);
  window.addEventListener('scroll', onScroll, true);
  window.addEventListener('resize', leave);
  return () => {
    observer.disconnect();
    window.removeEventListener('scroll', onScroll, true);
    window.removeEventListener('resize', leave);
  };
}

const clamp = (value: number, most: number): number => Math.max(EDGE, Math.min(value, most - EDGE));

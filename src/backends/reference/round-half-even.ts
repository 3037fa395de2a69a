/** Rounding as float arithmetic rounds: to the nearest whole number, halves to the even one. */
export function roundHalfEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

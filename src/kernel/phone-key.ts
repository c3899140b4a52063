/**
 * The one spelling of a number that WhatsApp and the phone network write differently: mobile numbers of Mexico have a 1 behind the country
 * prefix there (+52 1 55…), those of Argentina a 9 (+54 9 11…), and those of Brazil often lack the 9 that they begin with. The key is
 * Mexico's without the 1, Argentina's and Brazil's with the 9. Numbers with one key reach the same subscriber: Mexican numbers do not begin
 * with 1, a line in Argentina and its area code are not given to a mobile number as well, and no Brazilian line begins with 6 to 9.
 * @param number in E.164
 * @returns in E.164; the number itself everywhere else
 */
export function phoneKey(number: string): string {
  if (number.startsWith('+521')) return number.length === 14 ? `+52${number.slice(4)}` : number
  if (number.startsWith('+54')) return /^\+54[123]\d{9}$/.test(number) ? `+549${number.slice(3)}` : number
  if (number.startsWith('+55')) return /^\+55[1-9]{2}[6-9]\d{7}$/.test(number) ? `${number.slice(0, 5)}9${number.slice(5)}` : number
  return number
}

/** The {@link phoneKey} of a number, where it is not the number itself: as contacts store it. */
export function differentPhoneKey(number: string | null): string | null {
  const key = number === null ? null : phoneKey(number)
  return key === number ? null : key
}

// Calendar days, as forms take them and as pages show them.

/** The day so many days from today, as a date field holds it; of the zone that a new server has, or of another. */
export function inDays(days: number, zone = "UTC"): string {
  return new Date(Date.now() + days * 86_400_000).toLocaleDateString("sv-SE", { timeZone: zone });
}

/** That day as every list shows it: `31 Dec 2026`. */
export function onScreen(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return `${date} ${months[Number(month) - 1]} ${year}`;
}

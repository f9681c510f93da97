/** Choosing a time zone out of all the browser knows. */
import { useMemo } from "preact/hooks";

interface ZoneSelectProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly "aria-describedby"?: string | undefined;
  readonly "aria-invalid"?: "true" | undefined;
}

export function ZoneSelect({ value, onChange, ...ids }: ZoneSelectProps) {
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf("timeZone");
    return known.includes(value) || !value ? known : [value, ...known];
  }, [value]);
  return (
    <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

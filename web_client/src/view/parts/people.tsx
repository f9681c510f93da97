/** Faces, names and the sign of a pair. */
import { initials } from "@/core/names";

interface FaceProps {
  readonly name: string;
  readonly size?: number;
  /** `warm` somebody, `lit` somebody on a dark ground; without it: you. */
  readonly tone?: "warm" | "lit";
}

/** A face until there are pictures: the initials. The name stands beside it, so readers skip it. */
export function Face({ name, size = 40, tone }: FaceProps) {
  return (
    <span class={`face ${tone ?? ""}`} style={{ "--size": `${size}px` }} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** A name as it was written, whatever its direction. */
export const Name = ({ children }: { readonly children: string }) => <bdi>{children}</bdi>;

interface PairProps {
  readonly size?: number;
  readonly you?: boolean;
  readonly partner?: boolean;
}

/** The two bars: you and somebody; dashed while away. Decoration beside words. */
export function PairSign({ size = 26, you = true, partner = true }: PairProps) {
  return (
    <span class="pair" style={{ "--size": `${size}px` }} aria-hidden="true">
      <i class={you ? "you" : "you away"} />
      <i class={partner ? "them" : "them away"} />
    </span>
  );
}

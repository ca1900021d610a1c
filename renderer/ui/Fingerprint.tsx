import { BAR_COUNT, fingerprintBars } from '../lib/fingerprint.ts';

/** Sixteen bars, their heights the first hex digits of a hash. An aid to the eye, never a substitute for the hash. */
export function Fingerprint(props: { hash: string; height?: number }) {
  const height = props.height ?? 16;
  return (
    <svg
      width={BAR_COUNT * 3 - 1}
      height={height}
      viewBox={`0 0 ${BAR_COUNT * 3 - 1} 16`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {fingerprintBars(props.hash).map((bar, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        <rect key={index} x={index * 3} y={16 - bar} width={2} height={bar} fill="currentColor" />
      ))}
    </svg>
  );
}

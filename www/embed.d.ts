// What `embed.js` offers to TypeScript. The report's schema is `schema_version` 1; see the README.

/** Version of the interface: attributes, events, custom properties. */
export const version: 1;

/** What `stemcheck check --format json` prints. */
export interface Report {
  schema_version: number;
  tool: { name: string; version: string };
  profile: string;
  verdict: "ready" | "check" | "fix";
  songs: Array<Record<string, unknown> & { name: string; verdict: "ready" | "check" | "fix" }>;
}

/** How far the check is: `done` of `total`. */
export type ProgressEvent = CustomEvent<{ done: number; total: number }>;
/** Everything is known, or known anew because something was corrected. */
export type ReportEvent = CustomEvent<{ report: Report }>;
/** The visitor pressed the studio's button, which `handoff-verdict` holds back from what the studio does
 *  not take. The files are those that were dropped. */
export type HandoffEvent = CustomEvent<{ report: Report; files: File[] }>;

/** `<stem-checker>`. Changing `profile`, `lang`, `handoff-label` or `handoff-verdict` starts it anew. */
export interface StemCheckerElement extends HTMLElement {
  addEventListener(type: "stemcheck-progress", listener: (event: ProgressEvent) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: "stemcheck-report", listener: (event: ReportEvent) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: "stemcheck-handoff", listener: (event: HandoffEvent) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** What a frame (`frame.html?origin=…`) posts to the page around it. */
export type FrameMessage =
  | { type: "stemcheck-progress"; done: number; total: number }
  | { type: "stemcheck-report"; report: Report }
  | { type: "stemcheck-handoff"; report: Report; files: File[] }
  | { type: "stemcheck-resize"; height: number };

declare global {
  interface HTMLElementTagNameMap {
    "stem-checker": StemCheckerElement;
  }
}

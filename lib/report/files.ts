import type { View } from './events.ts';
import { fileView } from './file-view.ts';
import { htmlDocument } from './html/page.ts';
import { junitDocument } from './junit.ts';

// What most runs do not write: loaded when it is asked for.

/** `--junit FILE`. @throws BadInput when the file cannot be written */
export const junitView = (path: string): View => fileView(path, junitDocument());

/** `--report FILE.html`. @throws BadInput when the file cannot be written */
export const htmlView = (path: string): View => fileView(path, htmlDocument());

export { logView } from './log-view.ts';

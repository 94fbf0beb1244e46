/** What is wrong, and what the operator can do about it. */
export interface Complaint {
  readonly what: string;
  readonly mend: string;
}

export { type Completion, completeFilter, type Vocabulary } from './complete.ts';
export { addTerm, formatTerm, removeTerm } from './edit.ts';
export type { Filter, FilterError, FilterTest, NumberRange, Pattern, Term, WordField } from './filter.ts';
export { type FieldName, fieldNames, type ParsedFilter, parseFilter } from './parse.ts';
export { matchesPattern, occursIn } from './pattern.ts';

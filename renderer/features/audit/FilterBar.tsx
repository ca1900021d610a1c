import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, ListFilter, ScrollText, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import {
  type Completion,
  completeFilter,
  parseFilter,
  removeTerm,
  type Vocabulary,
} from '../../../shared/filter/index.ts';
import { useBridge } from '../../bridge/context.ts';
import { useCommands } from '../../lib/commands.ts';
import { unwrap } from '../../lib/failure.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './FilterBar.module.css';

/** The filter as text with completion, its terms as chips, and whether the tail is followed. */
export function FilterBar(props: {
  value: string;
  onChange: (value: string) => void;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
  tools: React.ReactNode;
}) {
  const { value, onChange } = props;
  const input = useRef<HTMLInputElement>(null);
  const { filter, errors } = parseFilter(value, Date.now());
  useCommands([
    {
      id: 'audit.filter',
      title: 'Filter the log',
      group: 'Audit',
      shortcut: '/',
      aliases: ['Mod+KeyF'],
      run: () => input.current?.focus(),
    },
    { id: 'audit.clear', title: 'Clear the filter', group: 'Audit', run: () => onChange('') },
    { id: 'audit.follow', title: 'Follow the newest entries', group: 'Audit', run: () => props.onFollow(true) },
  ]);
  return (
    <div className={styles.bar}>
      <CompletedInput value={value} errors={errors} onChange={onChange} inputRef={input} />
      {filter.terms.length > 0 && (
        <ul className={styles.chips} aria-label="Terms">
          {filter.terms.map((term) => {
            const text = value.slice(term.start, term.end);
            return (
              <li key={`${term.start} ${text}`}>
                <button
                  type="button"
                  className={styles.chip}
                  data-negated={term.isNegated || undefined}
                  aria-label={`Remove ${text}`}
                  onClick={() => onChange(removeTerm(value, term))}
                >
                  <code>{text}</code>
                  <X size={11} aria-hidden />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <Button icon={ScrollText} isPressed={props.isFollowing} onClick={() => props.onFollow(!props.isFollowing)}>
        {props.isFollowing ? 'Following' : 'Follow'}
      </Button>
      {props.tools}
    </div>
  );
}

function CompletedInput(props: {
  value: string;
  errors: readonly { message: string }[];
  onChange: (value: string) => void;
  inputRef: React.RefObject<HTMLInputElement | null>;
}) {
  const { value, onChange, inputRef } = props;
  const vocabulary = useVocabulary();
  const listId = useId();
  const noteId = useId();
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [index, setIndex] = useState(0);
  const cursorAfter = useRef<number | null>(null);
  const candidates = completion?.candidates ?? [];
  const isOpen = candidates.length > 0;
  const complete = (text: string, cursor: number) => {
    setCompletion(completeFilter(text, cursor, vocabulary));
    setIndex(0);
  };
  const accept = (text: string) => {
    if (completion === null) return;
    const next = value.slice(0, completion.start) + text + value.slice(completion.end);
    cursorAfter.current = completion.start + text.length;
    onChange(next);
    if (text.endsWith(':')) complete(next, cursorAfter.current);
    else setCompletion(null);
  };
  useEffect(() => {
    if (cursorAfter.current === null) return;
    inputRef.current?.setSelectionRange(cursorAfter.current, cursorAfter.current);
    cursorAfter.current = null;
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      if (isOpen) event.stopPropagation();
      setCompletion(null);
    } else if (event.key === 'ArrowDown' && !isOpen) complete(value, inputRef.current?.selectionStart ?? 0);
    else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setIndex((index + (event.key === 'ArrowDown' ? 1 : candidates.length - 1)) % candidates.length);
    } else if (isOpen && (event.key === 'Tab' || event.key === 'Enter')) {
      event.preventDefault();
      accept(candidates[index]?.text ?? '');
    }
  };
  const [error] = props.errors;
  return (
    <div className={styles.input} data-invalid={error !== undefined || undefined}>
      <ListFilter size={15} aria-hidden />
      <input
        ref={inputRef}
        role="combobox"
        aria-label="Filter"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `${listId}-${index}` : undefined}
        aria-describedby={noteId}
        aria-invalid={error !== undefined}
        spellCheck={false}
        autoComplete="off"
        placeholder={'outcome:denied kind:run.* module:fib since:1h "text" -term'}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          complete(event.target.value, event.target.selectionStart ?? event.target.value.length);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setCompletion(null)}
      />
      <span id={noteId} className={styles.note}>
        {error !== undefined ? (
          <>
            <CircleAlert size={14} aria-hidden /> {error.message}
          </>
        ) : value.trim() !== '' ? (
          <CircleCheck size={14} aria-label="understood" className={styles.good} />
        ) : null}
      </span>
      <div id={listId} role="listbox" aria-label="Completions" className={styles.list} hidden={!isOpen}>
        {candidates.map((candidate, place) => (
          <div
            key={candidate.text}
            id={`${listId}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === index}
            onPointerDown={(event) => {
              event.preventDefault();
              accept(candidate.text);
            }}
          >
            <code>{candidate.label}</code>
          </div>
        ))}
      </div>
    </div>
  );
}

function useVocabulary(): Vocabulary {
  const { client } = useBridge();
  const { data } = useQuery({
    queryKey: ['audit', 'vocabulary'],
    queryFn: async () => unwrap(await client.audit.vocabulary({})),
  });
  return data ?? {};
}

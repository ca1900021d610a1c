import { Button as BaseButton } from '@base-ui/react/button';
import clsx from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Button.module.css';
import { Hint } from './Hint.tsx';

export type ButtonProps = {
  children?: ReactNode;
  icon?: LucideIcon | undefined;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | undefined;
  /** names an icon-only button, and is its tooltip */
  label?: string | undefined;
  shortcut?: string | undefined;
  isDisabled?: boolean | undefined;
  /** why it is disabled; shown as its tooltip */
  reason?: string | undefined;
  isPressed?: boolean | undefined;
  type?: 'button' | 'submit';
  className?: string | undefined;
  onClick?: (() => void) | undefined;
};

export function Button(props: ButtonProps) {
  const { children, icon: Icon, kind = 'plain', label, shortcut, isDisabled = false, reason, isPressed } = props;
  const isIconOnly = children === undefined;
  const hint = isDisabled && reason !== undefined ? reason : label;
  const button = (
    <BaseButton
      type={props.type ?? 'button'}
      className={clsx(styles.button, styles[kind], isIconOnly && styles.icon, props.className)}
      disabled={isDisabled}
      focusableWhenDisabled
      aria-label={isIconOnly ? label : undefined}
      aria-pressed={isPressed}
      onClick={props.onClick}
    >
      {Icon !== undefined && <Icon size={15} strokeWidth={1.9} aria-hidden />}
      {children}
    </BaseButton>
  );
  if (hint === undefined && shortcut === undefined) return button;
  return (
    <Hint text={hint ?? ''} shortcut={shortcut}>
      {button}
    </Hint>
  );
}

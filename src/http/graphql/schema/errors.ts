import { EventIdExpired } from '../../../domain/changes/rules.ts'
import { ConsentNeedsProof } from '../../../domain/preferences/errors.ts'
import { InvalidEmail } from '../../../kernel/email.ts'
import {
  type DomainError,
  errorCodes,
  type FieldFault as Fault,
  faultsOf,
  InvalidInput,
  MissingRequiredField,
  NotFound,
} from '../../../kernel/errors.ts'
import { InvalidPhoneNumber } from '../../../kernel/phone.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'

export const ErrorCode = builder.enumType('ErrorCode', {
  description: 'What kind of refusal it is. The same codes as in REST, and in `extensions.code` of query errors.',
  values: Object.fromEntries(errorCodes.map((code) => [code, { value: code, description: meanings[code].when }])),
})

/** The interface that every refusal in the result of a mutation implements. */
export const ErrorInterface = builder.interfaceRef<DomainError>('Error').implement({
  description: 'Why a mutation did nothing.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCode,
      nullable: false,
      description: 'What kind of refusal it is, for programs.',
      resolve: (error) => error.code,
    }),
    message: t.exposeString('message', { nullable: false, description: 'What is wrong and what to do, for people.' }),
  }),
})

const FieldFault = builder.objectRef<Fault>('FieldFault').implement({
  description: 'One of the things that are wrong with an input.',
  fields: (t) => ({
    code: t.field({ type: ErrorCode, nullable: false, description: 'What kind of fault it is.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { nullable: false, description: 'What is wrong and what to do.' }),
    field: t.string({ description: 'The input that is wrong; null if it is not one alone.', resolve: ({ field }) => field ?? null }),
    value: t.string({ description: 'The value that was refused; null if it is absent or long.', resolve: ({ value }) => textOf(value) }),
    expected: t.string({ description: 'What would have been accepted.', resolve: ({ expected }) => expected ?? null }),
  }),
})

/** Refusals that are about one input say which, what it was and what would have been accepted. */
export const FieldErrorInterface = builder.interfaceRef<DomainError>('FieldError').implement({
  interfaces: [ErrorInterface],
  description: 'A refusal that is about one input.',
  fields: (t) => ({
    field: t.string({
      description: 'The input that is wrong; null if it is not one alone.',
      resolve: (error) => error.details.field ?? null,
    }),
    value: t.string({
      description: 'The value that was refused; null if it is absent or long.',
      resolve: (error) => textOf(error.details.value),
    }),
    expected: t.string({ description: 'What would have been accepted.', resolve: (error) => error.details.expected ?? null }),
    errors: t.field({
      type: [FieldFault],
      nullable: { list: false, items: false },
      description: 'All that is wrong with the input, where several fields are: the first is this refusal itself. At most 50.',
      resolve: (error) => [...faultsOf(error)],
    }),
  }),
})

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

const fieldErrors = { interfaces: [ErrorInterface, FieldErrorInterface] }
builder.objectType(InvalidInput, { name: 'InvalidInput', description: meanings.VALIDATION_ERROR.when, ...fieldErrors })
builder.objectType(MissingRequiredField, {
  name: 'MissingRequiredField',
  description: meanings.MISSING_REQUIRED_FIELD.when,
  ...fieldErrors,
})
builder.objectType(ConsentNeedsProof, { name: 'ConsentNeedsProof', description: meanings.CONSENT_NEEDS_PROOF.when, ...fieldErrors })
builder.objectType(InvalidPhoneNumber, { name: 'InvalidPhoneNumber', description: meanings.INVALID_PHONE_NUMBER.when, ...fieldErrors })
builder.objectType(InvalidEmail, { name: 'InvalidEmail', description: meanings.INVALID_EMAIL.when, ...fieldErrors })
builder.objectType(EventIdExpired, { name: 'EventIdExpired', description: meanings.EVENT_ID_EXPIRED.when, ...fieldErrors })
builder.objectType(NotFound, { name: 'NotFound', description: meanings.NOT_FOUND.when, interfaces: [ErrorInterface] })

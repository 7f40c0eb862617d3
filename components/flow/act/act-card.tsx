'use client'

import { createContext, type ReactNode, use } from 'react'
import type { FieldValues } from 'react-hook-form'
import { Form } from '@/components/form/form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardDivider } from '@/components/ui/card'
import type { ShownError } from '@/lib/contract/errors'
import { Refusal } from '../frame/refusal'
import type { ActState, useActForm } from './act-form'

const Context = createContext<ActState | null>(null)

/** The operation of the surrounding card. */
export function useActState(): ActState {
  const act = use(Context)
  if (!act) throw new Error('useActState outside of an ActCard')
  return act
}

/**
 * The card of an operation: what was sent, what will be done, and the buttons. Without a code, omit `sent`.
 * @param others other operations on this card, whose failures are also shown above the buttons
 * @param reportsRefusal see `Refusal`
 * @param leave the link beside the button that leaves the flow
 */
export function ActCard<In extends FieldValues, Out extends FieldValues, V>({
  act,
  others = [],
  reportsRefusal,
  sent,
  verb,
  busyVerb,
  icon,
  leave,
  children,
}: {
  act: ReturnType<typeof useActForm<In, Out, V>>
  others?: readonly { failure: ShownError | undefined; isIdle: boolean }[]
  reportsRefusal?: boolean
  sent?: ReactNode
  verb: string
  busyVerb: string
  icon: ReactNode
  leave: ReactNode
  children: ReactNode
}) {
  return (
    <Card>
      <Form form={act.form} onSubmit={act.submit}>
        <Context value={act}>
          {sent && (
            <>
              <CardBody className="grid gap-4">{sent}</CardBody>
              <CardDivider />
            </>
          )}
          <CardBody className="grid gap-4">
            {act.open && children}
            <Refusal
              failures={[act.failure, ...others.map(({ failure }) => failure)]}
              idle={others.every(({ isIdle }) => isIdle)}
              reportsRefusal={reportsRefusal}
            />
            <div className="flex flex-wrap gap-2">
              {act.open && (
                <Button
                  variant={act.expired ? 'secondary' : 'primary'}
                  size="form"
                  type="submit"
                  icon={icon}
                  busy={act.busy}
                  busyLabel={busyVerb}
                  unavailable={act.held}
                >
                  {verb}
                </Button>
              )}
              {leave}
            </div>
          </CardBody>
        </Context>
      </Form>
    </Card>
  )
}

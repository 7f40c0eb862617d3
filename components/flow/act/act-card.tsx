'use client'

import type { ReactNode } from 'react'
import type { FieldValues } from 'react-hook-form'
import { Form } from '@/components/form/form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardDivider } from '@/components/ui/card'
import type { ShownError } from '@/lib/contract/errors'
import type { AnyFlow } from '../flow'
import { Refusal } from '../frame/refusal'
import type { useActForm } from './act-form'

/**
 * The card of the act itself: what was sent, what will be done, and the buttons. An act without a code leaves `sent` out.
 * @param others acts beside it on this card, whose failures are told above the buttons as well
 * @param leave the way out beside the act
 */
export function ActCard<In extends FieldValues, Out extends FieldValues, V>({
  flow,
  act,
  others = [],
  sent,
  verb,
  busyVerb,
  icon,
  leave,
  children,
}: {
  flow: AnyFlow
  act: ReturnType<typeof useActForm<In, Out, V>>
  others?: readonly { failure: ShownError | undefined; isIdle: boolean }[]
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
            flow={flow}
          />
          <div className="flex flex-wrap gap-2">
            {act.open && (
              <Button
                variant={act.ranOut ? 'secondary' : 'primary'}
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
      </Form>
    </Card>
  )
}

'use client'

import dynamic from 'next/dynamic'

/** Loaded when a sign-in has failed: the first page carries only what everybody needs. */
export const SignInFailure = dynamic(() =>
  import('@/components/form/failure-banner').then((module) => module.FailureBanner),
)

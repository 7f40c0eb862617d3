import actErrors from './en/actErrors.json'
import app from './en/app.json'
import attach from './en/attach.json'
import bind from './en/bind.json'
import common from './en/common.json'
import enable from './en/enable.json'
import errors from './en/errors.json'
import fieldErrors from './en/fieldErrors.json'
import flow from './en/flow.json'
import member from './en/member.json'
import members from './en/members.json'
import networks from './en/networks.json'
import notFound from './en/notFound.json'
import sandbox from './en/sandbox.json'
import settings from './en/settings.json'
import shell from './en/shell.json'
import signIn from './en/signIn.json'
import status from './en/status.json'

/** Every text in English: a file a namespace, and two for the errors. */
export default {
  app,
  attach,
  bind,
  common,
  enable,
  errors: { ...errors, ...actErrors },
  fieldErrors,
  flow,
  member,
  members,
  networks,
  notFound,
  sandbox,
  settings,
  shell,
  signIn,
  status,
}

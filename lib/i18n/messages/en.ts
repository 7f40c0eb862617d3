import app from './en/app.json'
import attach from './en/attach.json'
import bind from './en/bind.json'
import common from './en/common.json'
import enable from './en/enable.json'
import cloudErrors from './en/errors/cloud.json'
import codeErrors from './en/errors/code.json'
import consoleErrors from './en/errors/console.json'
import directoryErrors from './en/errors/directory.json'
import networkErrors from './en/errors/network.json'
import signInErrors from './en/errors/signIn.json'
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

/** Every text in English: a file a namespace, but for the errors, which have a file a matter. */
export default {
  app,
  attach,
  bind,
  common,
  enable,
  errors: {
    ...cloudErrors,
    ...codeErrors,
    ...consoleErrors,
    ...directoryErrors,
    ...networkErrors,
    ...signInErrors,
  },
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

import type en from './en'
import app from './zh-CN/app.json'
import attach from './zh-CN/attach.json'
import bind from './zh-CN/bind.json'
import common from './zh-CN/common.json'
import enable from './zh-CN/enable.json'
import cloudErrors from './zh-CN/errors/cloud.json'
import codeErrors from './zh-CN/errors/code.json'
import consoleErrors from './zh-CN/errors/console.json'
import directoryErrors from './zh-CN/errors/directory.json'
import networkErrors from './zh-CN/errors/network.json'
import signInErrors from './zh-CN/errors/signIn.json'
import fieldErrors from './zh-CN/fieldErrors.json'
import flow from './zh-CN/flow.json'
import member from './zh-CN/member.json'
import members from './zh-CN/members.json'
import networks from './zh-CN/networks.json'
import notFound from './zh-CN/notFound.json'
import sandbox from './zh-CN/sandbox.json'
import settings from './zh-CN/settings.json'
import shell from './zh-CN/shell.json'
import signIn from './zh-CN/signIn.json'
import status from './zh-CN/status.json'

/** The same in Chinese. */
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
} satisfies typeof en

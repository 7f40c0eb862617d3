import type en from './en'
import actErrors from './zh-CN/actErrors.json'
import app from './zh-CN/app.json'
import attach from './zh-CN/attach.json'
import bind from './zh-CN/bind.json'
import common from './zh-CN/common.json'
import enable from './zh-CN/enable.json'
import errors from './zh-CN/errors.json'
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
} satisfies typeof en

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

// Some faults require servers that a test machine does not have: of an old version, or refusing a connection. This fake
// server speaks as much of PostgreSQL's wire protocol as a start requires.
// https://www.postgresql.org/docs/15/protocol-message-formats.html

/** The password in the URL of the fake server: no message may contain it. */
export const serverPassword = 'hunter2-secret'

export const reply = {
  askForPassword: () => message('R', int32(3)),
  refusal: (code: string, text: string) => message('E', 'SFATAL', `C${code}`, `M${text}`, Buffer.from([0])),
  welcome: () => Buffer.concat([message('R', int32(0)), ready()]),
  row: (column: string, value: string) =>
    Buffer.concat([
      message('T', int16(1), column, int32(0), int16(0), int32(25), int16(-1 & 65535), int32(-1), int16(0)),
      message('D', int16(1), int32(value.length), Buffer.from(value)),
      message('C', 'SELECT 1'),
      ready(),
    ]),
}

/** A server that answers each message with the next reply, then closes the connection. */
export async function serverThatSays(
  ...replies: Buffer[]
): Promise<{ url: string; port: number; close(): void }> {
  const server = createServer((socket: Socket) => {
    let next = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      const answer = replies[next]
      next += 1
      if (answer) socket.write(answer)
      else socket.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const { port } = address
  const url = `postgres://muster:${serverPassword}@127.0.0.1:${port}/console`
  return { url, port, close: () => server.close() }
}

function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  )
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function ready(): Buffer {
  return message('Z', Buffer.from('I'))
}

function int16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255])
}

function int32(value: number): Buffer {
  return Buffer.concat([int16((value >> 16) & 65535), int16(value & 65535)])
}

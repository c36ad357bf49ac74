import { ChannelError } from '../../core/channel-error.js'

/**
 * The statements of a store. Each does all or nothing, so none needs a transaction around it.
 * @throws {ChannelError} BAD_OPTIONS
 */
export function postgresStatements(prefix: string) {
  // It stands in the statements as it is.
  if (!/^([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,39}$/.test(prefix))
    throw new ChannelError(
      'BAD_OPTIONS',
      'prefix takes lower case letters, digits and _, at most 40; a schema may stand in front, with a dot.',
    )
  const chats = `${prefix}conversations`
  const messages = `${prefix}conversation_messages`
  const putInto = (conversation: string) => `
    insert into ${messages} (conversation, key, node)
    select ${conversation}.id, given.key, given.node
    from ${conversation}, unnest($6::text[], $7::text[]) with ordinality as given (key, node, place)
    order by given.place
    on conflict (conversation, key) do update set node = excluded.node`

  return {
    // One of several nodes that begin at once: "if not exists" alone lets the others fail.
    ensure: `
      do $$ begin
        perform pg_advisory_xact_lock(7225107411);
        create table if not exists ${chats} (
          id bigint generated always as identity primary key,
          user_id text not null,
          chat_id text collate "C" not null,
          rev bigint not null,
          head text not null,
          is_pinned boolean not null,
          updated_at bigint not null,
          unique (user_id, chat_id)
        );
        create index if not exists ${prefix.replace(/^.*\./, '')}conversations_in_order
          on ${chats} (user_id, is_pinned desc, updated_at desc, chat_id desc);
        create table if not exists ${messages} (
          conversation bigint not null references ${chats} (id) on delete cascade,
          key text not null,
          place bigint generated always as identity,
          node text not null,
          primary key (conversation, key)
        );
      end $$`,

    /** The user, the conversation, the keys or null. */
    load: `
      select chat.rev, chat.head, message.node
      from ${chats} as chat
      left join ${messages} as message
        on message.conversation = chat.id and ($3::text[] is null or message.key = any ($3::text[]))
      where chat.user_id = $1 and chat.chat_id = $2
      order by message.place`,

    /**
     * The user, the conversation, head, pinned, time, keys and nodes, how many the user may have or null. Those that are
     * made at the same moment do not see each other: as many as there are connections may be too many.
     */
    create: `
      with kept as (
        select count(*) >= $8::bigint and not bool_or(chat_id = $2) as is_full from ${chats} where user_id = $1
      ), made as (
        insert into ${chats} (user_id, chat_id, rev, head, is_pinned, updated_at)
        select $1, $2, 1, $3, $4, $5 from kept where is_full is not true
        on conflict do nothing
        returning id
      ), put as (${putInto('made')})
      select (select count(*) from made) as written, is_full from kept`,

    /** As `create`, then the revision and the removed keys. */
    change: `
      with made as (
        update ${chats} set rev = rev + 1, head = $3, is_pinned = $4, updated_at = $5
        where user_id = $1 and chat_id = $2 and rev = $8
        returning id
      ), gone as (
        delete from ${messages} using made
        where conversation = made.id and key = any ($9::text[]) and not key = any ($6::text[])
      ), put as (${putInto('made')})
      select count(*) as written from made`,

    /** The user, how many, and the place they come behind or nulls. */
    list: `
      select head from ${chats}
      where user_id = $1 and ($3::boolean is null or (is_pinned, updated_at, chat_id) < ($3, $4::bigint, $5::text))
      order by is_pinned desc, updated_at desc, chat_id desc
      limit $2`,

    /** The user and the conversation. A row for what was there. */
    remove: `delete from ${chats} where user_id = $1 and chat_id = $2 returning id`,
  } as const
}

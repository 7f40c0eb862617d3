ALTER TABLE "rate" SET UNLOGGED;
--> statement-breakpoint
INSERT INTO "audit_head" ("only_row", "last_id", "hash") VALUES (true, 0, repeat('0', 64));
--> statement-breakpoint
-- The hash of one link: every field, in an order and form that no setting of the session can change.
CREATE FUNCTION "audit_hash"("entry" "audit") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(
    entry.id,
    (extract(epoch FROM entry.at) * 1000)::bigint,
    entry.account_id,
    entry.operator_id,
    entry.operator_name,
    entry.method,
    entry.address,
    entry.action,
    entry.target,
    entry.outcome,
    entry.code,
    entry.upstream_request_id,
    entry.correlation_id,
    entry.detail,
    entry.prev
  )::text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- Locking the head makes writers take turns until they commit, so ids have no gaps and times do not go back.
CREATE FUNCTION "audit_chain"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head audit_head;
BEGIN
  SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
  NEW.id := head.last_id + 1;
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  NEW.prev := head.hash;
  NEW.hash := audit_hash(NEW);
  UPDATE audit_head SET last_id = NEW.id, hash = NEW.hash;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_chain" BEFORE INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION "audit_chain"();
--> statement-breakpoint
CREATE FUNCTION "audit_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
--> statement-breakpoint
-- The head moves only from within the trigger above, which makes this trigger the second of two.
CREATE TRIGGER "audit_head_moves_with_audit" BEFORE INSERT OR UPDATE ON "audit_head"
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "audit_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_head_stays" BEFORE DELETE OR TRUNCATE ON "audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();

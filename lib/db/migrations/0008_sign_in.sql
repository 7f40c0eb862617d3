CREATE TABLE "signin_attempt" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "signin_attempt_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key_fingerprint" text NOT NULL,
	"network" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "signin_attempt_pk" PRIMARY KEY("id"),
	CONSTRAINT "signin_attempt_state_check" CHECK ("signin_attempt"."state" in ('waiting', 'checking', 'proven', 'failed', 'passed', 'other'))
);
--> statement-breakpoint
CREATE TABLE "signin_tally" (
	"hour" timestamp (3) with time zone NOT NULL,
	"account_id" text NOT NULL,
	"outcome" text NOT NULL,
	"code" text NOT NULL,
	"count" integer NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"networks" jsonb NOT NULL,
	"more_networks" boolean DEFAULT false NOT NULL,
	CONSTRAINT "signin_tally_pk" PRIMARY KEY("hour","account_id","outcome","code"),
	CONSTRAINT "signin_tally_outcome_check" CHECK ("signin_tally"."outcome" in ('started', 'accepted', 'refused', 'unknown', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "session" DROP CONSTRAINT "session_method_check";--> statement-breakpoint
CREATE INDEX "signin_attempt_network_idx" ON "signin_attempt" USING btree ("network","at");--> statement-breakpoint
CREATE INDEX "signin_attempt_at_idx" ON "signin_attempt" USING btree ("at");--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_method_check" CHECK ("session"."method" in ('access_key', 'assumed_role', 'role_session'));--> statement-breakpoint
-- A role of another account than the key's: these sessions stand under the wrong account.
DELETE FROM "session" WHERE split_part("role_arn", ':', 4) <> "account_id";--> statement-breakpoint
-- A role session's principal is `<role>:<session name>`, a RAM user's has no colon.
UPDATE "session" SET "method" = 'role_session' WHERE "operator_id" LIKE '%:%';

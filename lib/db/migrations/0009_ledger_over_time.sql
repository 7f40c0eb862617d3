CREATE TABLE "compatibility" (
	"migration" text NOT NULL,
	"oldest" text NOT NULL,
	CONSTRAINT "compatibility_pk" PRIMARY KEY("migration")
);
--> statement-breakpoint
ALTER TABLE "code_request" ADD COLUMN "code_scope" text GENERATED ALWAYS AS (case when "code_request"."intent"->>'ownerId' is not null
          then ("code_request"."intent"->>'ownerId') || '/' || coalesce("code_request"."intent"->>'cenId', '')
          else "code_request"."target" end) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "code_request_scope_idx" ON "code_request" USING btree ("account_id","operation","code_scope","started_at");--> statement-breakpoint
CREATE INDEX "code_request_fingerprint_idx" ON "code_request" USING btree ("account_id","operation","number_fingerprint") WHERE number_fingerprint is not null;--> statement-breakpoint
CREATE INDEX "code_request_waiting_idx" ON "code_request" USING btree ("started_at") WHERE state in ('sent', 'unknown');--> statement-breakpoint
INSERT INTO "compatibility" ("migration", "oldest") VALUES ('0009_ledger_over_time', '0008_sign_in');

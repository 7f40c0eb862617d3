CREATE TABLE "accepted_call" (
	"account_id" text NOT NULL,
	"operator_id" text NOT NULL,
	"operation" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accepted_call_pk" PRIMARY KEY("account_id","operator_id","operation")
);
--> statement-breakpoint
ALTER TABLE "code_request" ADD COLUMN "discarded_by" text;--> statement-breakpoint
ALTER TABLE "code_request" ADD COLUMN "discarded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "user_arn" text;--> statement-breakpoint
CREATE INDEX "accepted_call_at_idx" ON "accepted_call" USING btree ("at");
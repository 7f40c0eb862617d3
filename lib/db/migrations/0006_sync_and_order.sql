ALTER TABLE "code_request" ADD COLUMN "lookup_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "directory" ADD COLUMN "sync_alive_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "directory" ADD COLUMN "sync_by" text;--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "phone_asked_at" timestamp (3) with time zone;
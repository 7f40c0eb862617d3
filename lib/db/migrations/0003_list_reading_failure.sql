ALTER TABLE "directory" ADD COLUMN "read_error" jsonb;--> statement-breakpoint
ALTER TABLE "directory" ADD COLUMN "read_failed_at" timestamp (3) with time zone;
ALTER TABLE "code_request" DROP CONSTRAINT "code_request_operation_check";--> statement-breakpoint
ALTER TABLE "code_request" ALTER COLUMN "number_masked" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "code_request" ALTER COLUMN "number_fingerprint" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "code_request" ADD COLUMN "coded" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "code_request" ADD COLUMN "intent" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "code_request" ADD CONSTRAINT "code_request_operation_check" CHECK ("code_request"."operation" in ('bind_phone', 'enable_directory', 'join_network'));--> statement-breakpoint
UPDATE "code_request" SET "lookup_result" = CASE "lookup_result" WHEN 'has_phone' THEN 'done' ELSE 'not_done' END WHERE "lookup_result" IS NOT NULL;--> statement-breakpoint
UPDATE "code_request" SET "void_reason" = CASE "void_reason" WHEN 'phone_removed' THEN 'undone' ELSE 'given_up' END WHERE "void_reason" IN ('phone_removed', 'number_changed');

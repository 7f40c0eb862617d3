ALTER TABLE "code_request" DROP CONSTRAINT "code_request_state_check";--> statement-breakpoint
DROP INDEX "code_request_one_applying";--> statement-breakpoint
DROP INDEX "code_request_open_idx";--> statement-breakpoint
CREATE UNIQUE INDEX "code_request_one_use" ON "code_request" USING btree ("account_id","operation","target") WHERE state in ('applying', 'trying');--> statement-breakpoint
CREATE INDEX "code_request_open_idx" ON "code_request" USING btree ("started_at") WHERE state in ('sending', 'applying', 'trying');--> statement-breakpoint
ALTER TABLE "code_request" ADD CONSTRAINT "code_request_state_check" CHECK ("code_request"."state" in ('sending', 'sent', 'refused', 'unknown', 'trying', 'applying', 'applied', 'apply_unknown', 'void'));
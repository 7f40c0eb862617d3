CREATE INDEX "code_request_listed_idx" ON "code_request" USING btree ("account_id","operation","target") WHERE state not in ('refused', 'applied', 'void') and void_reason is null;--> statement-breakpoint
INSERT INTO "compatibility" ("migration", "oldest") VALUES ('0010_list_by_open', '0008_sign_in');

DROP INDEX "member_name_idx";--> statement-breakpoint
DROP INDEX "member_phone_idx";--> statement-breakpoint
DROP INDEX "member_type_idx";--> statement-breakpoint
DROP INDEX "member_status_idx";--> statement-breakpoint
DROP INDEX "member_folder_idx";--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "name_fold" text collate "C";--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "name_pinyin" text collate "C";--> statement-breakpoint
CREATE INDEX "member_fold_idx" ON "member" USING btree ("account_id","name_fold","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_pinyin_idx" ON "member" USING btree ("account_id","name_pinyin","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_phone_fold_idx" ON "member" USING btree ("account_id","phone","name_fold","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_phone_pinyin_idx" ON "member" USING btree ("account_id","phone","name_pinyin","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_type_fold_idx" ON "member" USING btree ("account_id","type","name_fold","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_type_pinyin_idx" ON "member" USING btree ("account_id","type","name_pinyin","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_status_fold_idx" ON "member" USING btree ("account_id","status","name_fold","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_status_pinyin_idx" ON "member" USING btree ("account_id","status","name_pinyin","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_folder_fold_idx" ON "member" USING btree ("account_id","folder_id","name_fold","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_folder_pinyin_idx" ON "member" USING btree ("account_id","folder_id","name_pinyin","member_id") WHERE gone_at is null;--> statement-breakpoint
INSERT INTO "compatibility" ("migration", "oldest") VALUES ('0012_name_keys', '0008_sign_in');

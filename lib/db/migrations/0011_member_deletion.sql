ALTER TABLE "member" ADD COLUMN "deletion" text;--> statement-breakpoint
INSERT INTO "compatibility" ("migration", "oldest") VALUES ('0011_member_deletion', '0008_sign_in');

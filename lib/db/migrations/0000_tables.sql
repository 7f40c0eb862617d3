CREATE TABLE "audit" (
	"id" bigint DEFAULT 0 NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"account_id" text,
	"operator_id" text,
	"operator_name" text,
	"method" text,
	"address" text,
	"action" text NOT NULL,
	"target" text,
	"outcome" text NOT NULL,
	"code" text,
	"upstream_request_id" text,
	"correlation_id" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"prev" text DEFAULT '' NOT NULL,
	"hash" text DEFAULT '' NOT NULL,
	CONSTRAINT "audit_pk" PRIMARY KEY("id"),
	CONSTRAINT "audit_outcome_check" CHECK ("audit"."outcome" in ('started', 'accepted', 'refused', 'unknown', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"only_row" boolean DEFAULT true NOT NULL,
	"last_id" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_head_pk" PRIMARY KEY("only_row"),
	CONSTRAINT "audit_head_only_row_check" CHECK (only_row)
);
--> statement-breakpoint
CREATE TABLE "code_request" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"account_id" text NOT NULL,
	"operation" text NOT NULL,
	"target" text NOT NULL,
	"state" text NOT NULL,
	"number_sealed" text,
	"number_masked" text NOT NULL,
	"number_fingerprint" text NOT NULL,
	"operator_id" text NOT NULL,
	"operator_name" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"send_request_id" text,
	"send_error" jsonb,
	"wrong_tries" integer DEFAULT 0 NOT NULL,
	"apply_started_at" timestamp (3) with time zone,
	"apply_settled_at" timestamp (3) with time zone,
	"apply_operator_name" text,
	"apply_request_id" text,
	"apply_error" jsonb,
	"looked_up_at" timestamp (3) with time zone,
	"lookup_result" text,
	"void_reason" text,
	CONSTRAINT "code_request_pk" PRIMARY KEY("id"),
	CONSTRAINT "code_request_operation_check" CHECK ("code_request"."operation" in ('bind_phone')),
	CONSTRAINT "code_request_state_check" CHECK ("code_request"."state" in ('sending', 'sent', 'refused', 'unknown', 'applying', 'applied', 'apply_unknown', 'void')),
	CONSTRAINT "code_request_wrong_tries_check" CHECK (wrong_tries >= 0)
);
--> statement-breakpoint
CREATE TABLE "directory" (
	"account_id" text NOT NULL,
	"site" text NOT NULL,
	"directory_id" text NOT NULL,
	"name" text,
	"root_folder_id" text,
	"read_started_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	"pass" integer DEFAULT 0 NOT NULL,
	"member_total" integer,
	CONSTRAINT "directory_pk" PRIMARY KEY("account_id"),
	CONSTRAINT "directory_site_check" CHECK ("directory"."site" in ('international', 'china'))
);
--> statement-breakpoint
CREATE TABLE "folder" (
	"account_id" text NOT NULL,
	"folder_id" text NOT NULL,
	"parent_id" text,
	"name" text NOT NULL,
	"path" text collate "C" NOT NULL,
	"names" text NOT NULL,
	"pass" integer NOT NULL,
	CONSTRAINT "folder_pk" PRIMARY KEY("account_id","folder_id")
);
--> statement-breakpoint
CREATE TABLE "member" (
	"account_id" text NOT NULL,
	"member_id" text collate "C" NOT NULL,
	"display_name" text NOT NULL,
	"name_key" text collate "C" GENERATED ALWAYS AS (lower("member"."display_name")) STORED NOT NULL,
	"account_name" text,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"folder_id" text NOT NULL,
	"join_method" text,
	"joined_at" timestamp (3) with time zone,
	"modified_at" timestamp (3) with time zone,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"phone" text DEFAULT 'unread' NOT NULL,
	"phone_read_at" timestamp (3) with time zone,
	"phone_masked" text,
	"pass" integer NOT NULL,
	"unseen_passes" integer DEFAULT 0 NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "member_pk" PRIMARY KEY("account_id","member_id"),
	CONSTRAINT "member_phone_check" CHECK ("member"."phone" in ('unread', 'bound', 'missing'))
);
--> statement-breakpoint
CREATE TABLE "rate" (
	"key" text NOT NULL,
	"tat" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" text NOT NULL,
	"site" text NOT NULL,
	"account_id" text NOT NULL,
	"directory_id" text,
	"operator_id" text NOT NULL,
	"operator_name" text NOT NULL,
	"arn" text NOT NULL,
	"method" text NOT NULL,
	"role_arn" text,
	"credentials" text NOT NULL,
	"address" text NOT NULL,
	"user_agent" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"may_list_until" timestamp (3) with time zone,
	CONSTRAINT "session_pk" PRIMARY KEY("id"),
	CONSTRAINT "session_token_hash_key" UNIQUE("token_hash"),
	CONSTRAINT "session_site_check" CHECK ("session"."site" in ('international', 'china')),
	CONSTRAINT "session_method_check" CHECK ("session"."method" in ('access_key', 'assumed_role'))
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "setting_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "signin_failure" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "signin_failure_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key_fingerprint" text NOT NULL,
	"address" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "signin_failure_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE INDEX "audit_account_idx" ON "audit" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "audit_account_at_idx" ON "audit" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "audit_target_idx" ON "audit" USING btree ("account_id","target","id");--> statement-breakpoint
CREATE INDEX "audit_action_idx" ON "audit" USING btree ("account_id","action","id");--> statement-breakpoint
CREATE INDEX "audit_operator_idx" ON "audit" USING btree ("account_id","operator_id","id");--> statement-breakpoint
CREATE INDEX "audit_correlation_idx" ON "audit" USING btree ("correlation_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "code_request_one_sending" ON "code_request" USING btree ("account_id","operation","target") WHERE state = 'sending';--> statement-breakpoint
CREATE UNIQUE INDEX "code_request_one_applying" ON "code_request" USING btree ("account_id","operation","target") WHERE state = 'applying';--> statement-breakpoint
CREATE INDEX "code_request_target_idx" ON "code_request" USING btree ("account_id","operation","target","started_at");--> statement-breakpoint
CREATE INDEX "code_request_account_idx" ON "code_request" USING btree ("account_id","started_at");--> statement-breakpoint
CREATE INDEX "code_request_sealed_idx" ON "code_request" USING btree ("started_at") WHERE number_sealed is not null;--> statement-breakpoint
CREATE INDEX "code_request_open_idx" ON "code_request" USING btree ("started_at") WHERE state in ('sending', 'applying');--> statement-breakpoint
CREATE INDEX "folder_path_idx" ON "folder" USING btree ("account_id","path");--> statement-breakpoint
CREATE INDEX "member_name_idx" ON "member" USING btree ("account_id","name_key","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_phone_idx" ON "member" USING btree ("account_id","phone","name_key","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_type_idx" ON "member" USING btree ("account_id","type","name_key","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_status_idx" ON "member" USING btree ("account_id","status","name_key","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_folder_idx" ON "member" USING btree ("account_id","folder_id","name_key","member_id") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "member_phone_read_idx" ON "member" USING btree ("account_id","phone_read_at" NULLS FIRST) WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "session_operator_idx" ON "session" USING btree ("account_id","operator_id");--> statement-breakpoint
CREATE INDEX "session_ends_idx" ON "session" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "signin_failure_key_idx" ON "signin_failure" USING btree ("key_fingerprint","address","at");--> statement-breakpoint
CREATE INDEX "signin_failure_address_idx" ON "signin_failure" USING btree ("address","at");--> statement-breakpoint
CREATE INDEX "signin_failure_at_idx" ON "signin_failure" USING btree ("at");
-- What was learned about how readily an organization's contacts answer: the prior for each of them.

-- CreateTable
CREATE TABLE "reply_habits" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "habits" JSONB NOT NULL,
    "learned_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reply_habits_pkey" PRIMARY KEY ("organization_id")
);

-- AddForeignKey
ALTER TABLE "reply_habits" ADD CONSTRAINT "reply_habits_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

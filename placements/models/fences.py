"""Database functions behind what a placement must never do (trust.md I5, I7).

Rules over several rows are asked at commit by deferred triggers on both sides. Each locks the placement first, so that
of two transactions that would each be right alone the second one sees what the first one did.
"""

# ── I5: all terms of a person under one mechanism together, measured from the first of them ──────────────────────────
TERMS_WITHIN_LIMIT = """
    PERFORM 1 FROM applicants_applicant WHERE id = NEW.applicant_id FOR NO KEY UPDATE;
    SELECT min(starts_on), sum(coalesce(ended_on, ends_on) - starts_on + 1) INTO first_day, served
        FROM placements_placement
        WHERE applicant_id = NEW.applicant_id AND appointment_mechanism = NEW.appointment_mechanism
            AND status <> 'fell_through';
    IF first_day + served > (first_day + make_interval(months => NEW.mechanism_limit_months))::date THEN
        RAISE EXCEPTION 'all terms of this person together exceed % months', NEW.mechanism_limit_months
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""
TERMS_DECLARE = [("first_day", "date"), ("served", "integer")]

# ── I7: a lent person has exactly one of {leave of absence, separation} on file ──────────────────────────────────────
# Locks the placements first and then the nomination, which also serializes a placement that is only being inserted.
_TERMS_ON_FILE = """
    PERFORM 1 FROM placements_placement WHERE nomination_id = lent ORDER BY id FOR UPDATE;
    PERFORM 1 FROM partners_nomination WHERE id = lent FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM placements_placement placement
        WHERE placement.nomination_id = lent AND placement.status IN ('ready', 'active', 'suspended')
            AND 1 <> (
                SELECT count(*) FROM partners_loanterms terms
                WHERE terms.nomination_id = lent AND terms.superseded_at IS NULL AND terms.kind = placement.kind
            )
    ) THEN
        RAISE EXCEPTION 'a lent person has exactly one of leave of absence and separation on file'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""
TERMS_OF_PLACEMENT = f"""
    lent := NEW.nomination_id;
    {_TERMS_ON_FILE}
    RETURN NULL;
"""
TERMS_OF_LOAN = f"""
    FOREACH lent IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.nomination_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.nomination_id END
    ] LOOP
        {_TERMS_ON_FILE}
    END LOOP;
    RETURN NULL;
"""
LENT_DECLARE = [("lent", "bigint")]

# ── I7: nobody is authorized to start while a gate is open, except by a named exception ──────────────────────────────
# The same rule as `checklists.open_steps`; a test holds the two together.
_GATES_OPEN = """
    PERFORM 1 FROM placements_placement WHERE id = subject FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM placements_placement placement
        WHERE placement.id = subject AND placement.status IN ('ready', 'active', 'suspended')
            AND NOT EXISTS (
                SELECT 1 FROM placements_startexception exception
                WHERE exception.placement_id = subject AND placement.status <> 'ready'
            )
    ) AND (
        2 <> (
            SELECT count(*) FROM placements_checklist
            WHERE placement_id = subject AND superseded_at IS NULL
        )
        OR EXISTS (
            SELECT 1 FROM placements_checklistitem item
            JOIN placements_checklist checklist ON checklist.id = item.checklist_id
            WHERE checklist.placement_id = subject AND checklist.superseded_at IS NULL
                AND item.gate IN ('firm_offer', 'entry_on_duty') AND NOT item.is_settled
                AND NOT EXISTS (
                    SELECT 1 FROM placements_checklistitem other
                    WHERE other.checklist_id = item.checklist_id AND item.alternatives <> ''
                        AND other.alternatives = item.alternatives AND other.is_settled AND other.status = 'done'
                )
        )
    ) THEN
        RAISE EXCEPTION 'placement % may not start while a gate is open', subject
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
"""
GATES_OF_PLACEMENT = f"""
    subject := NEW.id;
    {_GATES_OPEN}
    RETURN NULL;
"""
# The parts are constants of this file.
GATES_OF_ITEM = f"""
    SELECT placement_id INTO subject FROM placements_checklist
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.checklist_id ELSE NEW.checklist_id END;
    {_GATES_OPEN}
    RETURN NULL;
"""  # noqa: S608
GATES_OF_CHECKLIST = f"""
    subject := OLD.placement_id;
    {_GATES_OPEN}
    RETURN NULL;
"""
SUBJECT_DECLARE = [("subject", "bigint")]

# ── A version of a template that was published never changes, nor do its steps ───────────────────────────────────────
# The lock keeps a step from slipping in while its draft is being published.
PUBLISHED_VERSION_STAYS = """
    IF OLD.status IN ('published', 'retired') THEN
        RAISE EXCEPTION 'version % of a checklist template was published and stays as it is', OLD.version_number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""
PUBLISHED_STEPS_STAY = """
    FOREACH parent IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.template_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.template_id END
    ] LOOP
        SELECT status INTO standing FROM placements_checklisttemplate WHERE id = parent FOR SHARE;
        IF parent IS NOT NULL AND standing <> 'draft' THEN
            RAISE EXCEPTION 'the steps of a published checklist template stay as they are'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""

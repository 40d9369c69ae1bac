CREATE TABLE team (id uuid PRIMARY KEY, name text NOT NULL, parent_id uuid REFERENCES team (id), slug text NOT NULL UNIQUE);
CREATE TABLE member (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, team_id uuid NOT NULL REFERENCES team (id), email text NOT NULL UNIQUE, boss_id bigint REFERENCES member (id), role text NOT NULL DEFAULT 'x', joined_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX member_team_idx ON member (team_id); CREATE INDEX member_boss_idx ON member (boss_id); CREATE INDEX team_parent_idx ON team (parent_id);
CREATE TABLE job (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, member_id bigint NOT NULL REFERENCES member (id), state text NOT NULL, run_at timestamptz NOT NULL);
CREATE INDEX job_member_idx ON job (member_id);

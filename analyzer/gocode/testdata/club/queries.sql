-- name: GetTeam :one
SELECT * FROM team WHERE id = $1;

-- name: TeamBySlug :one
SELECT * FROM team WHERE slug = $1;

-- name: ListTeams :many
SELECT * FROM team ORDER BY name, id LIMIT 1000;

-- name: ChildTeams :many
SELECT * FROM team WHERE parent_id = $1 ORDER BY id;

-- name: GetMember :one
SELECT * FROM member WHERE id = $1;

-- name: MemberInTeam :one
SELECT id, email FROM member WHERE team_id = @team_id AND email = @email;

-- name: MembersOfTeam :many
SELECT * FROM member WHERE team_id = $1 ORDER BY id;

-- name: MembersByIDs :many
SELECT * FROM member WHERE id = ANY(@ids::bigint[]) ORDER BY id;

-- name: MembersAfter :many
SELECT * FROM member WHERE id > @after ORDER BY id LIMIT @n;

-- name: MembersOfTeamAfter :many
SELECT * FROM member WHERE team_id = @team_id AND id > @after ORDER BY id LIMIT @n;

-- name: MembersPage :many
SELECT * FROM member ORDER BY id LIMIT @n OFFSET @o;

-- name: JobsBetween :many
SELECT * FROM job WHERE run_at >= @lo AND run_at < @hi ORDER BY id;

-- name: CountJobs :one
SELECT count(*) FROM job WHERE member_id = $1;

-- name: AddJob :one
INSERT INTO job (member_id, state, run_at) VALUES ($1, $2, $3) RETURNING id;

-- name: SetRole :exec
UPDATE member SET role = @role WHERE id = @id;

-- name: DeleteMember :exec
DELETE FROM member WHERE id = $1;

-- name: ClaimJob :one
UPDATE job SET state = 'running' WHERE id = (SELECT id FROM job WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *;

-- name: JobByState :one
SELECT count(*) FROM job WHERE state = $1;

-- name: GetJob :one
SELECT * FROM job WHERE id = $1;

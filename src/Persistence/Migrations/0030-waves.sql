CREATE INDEX agent_rollout_members_wave ON agent_rollout_members (wave);

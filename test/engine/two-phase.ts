// Two-phase commit after Gray and Lamport, "Consensus on Transaction Commit": the model whose number of states is
// known from TLC and from Stateright.

export function twoPhase(managers: number): string {
  const names = Array.from({ length: managers }, (_, i) => `"r${i + 1}"`).join(', ');
  return `module two_phase {
  type RMState = Working | Prepared | Committed | Aborted
  type TMState = Init | Done
  type Message = PreparedMsg(str) | CommitMsg | AbortMsg
  pure val RM: Set[str] = Set(${names})
  var rmState: str -> RMState
  var tmState: TMState
  var tmPrepared: Set[str]
  var msgs: Set[Message]
  action init = all {
    rmState' = RM.mapBy(_ => Working), tmState' = Init, tmPrepared' = Set(), msgs' = Set()
  }
  action tmRcvPrepared(rm: str): bool = all {
    tmState == Init, msgs.contains(PreparedMsg(rm)),
    tmPrepared' = tmPrepared.union(Set(rm)), rmState' = rmState, tmState' = tmState, msgs' = msgs
  }
  action tmCommit = all {
    tmState == Init, tmPrepared == RM,
    tmState' = Done, msgs' = msgs.union(Set(CommitMsg)), rmState' = rmState, tmPrepared' = tmPrepared
  }
  action tmAbort = all {
    tmState == Init,
    tmState' = Done, msgs' = msgs.union(Set(AbortMsg)), rmState' = rmState, tmPrepared' = tmPrepared
  }
  action rmPrepare(rm: str): bool = all {
    rmState.get(rm) == Working,
    rmState' = rmState.set(rm, Prepared), msgs' = msgs.union(Set(PreparedMsg(rm))),
    tmState' = tmState, tmPrepared' = tmPrepared
  }
  action rmChooseToAbort(rm: str): bool = all {
    rmState.get(rm) == Working,
    rmState' = rmState.set(rm, Aborted), tmState' = tmState, tmPrepared' = tmPrepared, msgs' = msgs
  }
  action rmRcvCommitMsg(rm: str): bool = all {
    msgs.contains(CommitMsg),
    rmState' = rmState.set(rm, Committed), tmState' = tmState, tmPrepared' = tmPrepared, msgs' = msgs
  }
  action rmRcvAbortMsg(rm: str): bool = all {
    msgs.contains(AbortMsg),
    rmState' = rmState.set(rm, Aborted), tmState' = tmState, tmPrepared' = tmPrepared, msgs' = msgs
  }
  action step = {
    nondet rm = RM.oneOf()
    any {
      tmCommit, tmAbort, tmRcvPrepared(rm), rmPrepare(rm), rmChooseToAbort(rm), rmRcvCommitMsg(rm), rmRcvAbortMsg(rm),
    }
  }
  val consistent = not(RM.exists(a => RM.exists(b => rmState.get(a) == Committed and rmState.get(b) == Aborted)))
  val nobodyCommits = RM.forall(rm => rmState.get(rm) != Committed)
}
`;
}

-- Version 4: what tells copies apart. Of a copy's wording nothing is kept but
-- the secret from which it was chosen, wrapped by the party's keys; whoever
-- destroys that can tell no copy from another again.

alter table copies drop column choices;

-- size is that of the holder's ledger with the statement that commits to the
-- secret as its last entry, root its root.
create table fingerprints (
    seq       integer primary key,
    holder    text not null,
    report    text not null,
    statement text not null,
    code      text not null,
    secret    blob not null,
    size      integer not null,
    root      blob not null
) strict;
create unique index fingerprints_name on fingerprints (holder, report);

-- Which proposals of alternatives somebody has looked at: approved, or refused.
create table approvals (
    party        text not null,
    key          text not null,
    rule         text not null,
    sentence     text not null,
    alternatives text not null,
    officer      text not null,
    at           text not null,
    approved     integer not null,
    primary key (party, key)
) strict, without rowid;

-- Whoever confides in such a party is protected by law.
alter table parties add column protected integer not null default 0;

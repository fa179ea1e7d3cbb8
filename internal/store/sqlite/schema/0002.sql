-- Version 2: what a party asks is looked up among its own alone. An index over
-- all parties would find another's row first and drop it afterwards, and the
-- time that this takes would tell that there is one.

-- A statement by its name or the beginning of it.
create unique index entries_name on entries (log, id);
-- A party's statements of some kinds, in the order of appending.
create index entries_party on entries (log, kind);
-- A request by its name or the beginning of it, for whom it was put to.
create unique index requests_name on requests (originator, id);
-- A copy by its number, for whom made it.
create unique index copies_name on copies (holder, id);

-- Version 1: ledgers, parties, reports and their derivation, disclosures,
-- copies, requests. Times are UTC texts without a zone, '' if there is none;
-- they sort as they follow each other.

create table migrations (
    version  integer primary key,
    checksum text not null
) strict;

create table meta (
    key   text primary key,
    value text not null
) strict, without rowid;

-- One row per statement of every ledger in this database. seq is the order of
-- appending over all ledgers; idx counts within one, from 0, without gaps.
create table entries (
    seq      integer primary key,
    log      text not null,
    idx      integer not null check (idx >= 0),
    id       text not null,
    kind     text not null,
    at       text not null,
    salt     blob not null,
    envelope blob not null
) strict;
create unique index entries_place on entries (log, idx);
create unique index entries_id on entries (id);
create index entries_kind on entries (kind);

-- What a statement speaks of, by whatever name its writer chose.
create table refs (
    ref  text not null,
    seq  integer not null references entries (seq),
    kind text not null,
    primary key (ref, seq)
) strict, without rowid;

-- The hashes of a ledger's tree in their storage order, many to a row.
create table hashes (
    log   text not null,
    chunk integer not null,
    data  blob not null,
    primary key (log, chunk)
) strict;

create table parties (
    id            text primary key,
    name          text not null,
    nations       text not null,
    member_of     text not null,
    statement_key text not null,
    log_key       text not null,
    statement     text not null,
    at            text not null
) strict, without rowid;

-- number counts a holder's reports from 1, so that how many there are is the
-- number of the newest and nobody has to count rows. The filing must be in a
-- ledger when the transaction ends.
create table reports (
    ordinal    integer primary key,
    holder     text not null,
    number     integer not null,
    id         text not null,
    originator text not null,
    policy     text not null,
    date       text not null,
    banner     text not null,
    title      text not null,
    portions   integer not null,
    filing     text not null references entries (id) deferrable initially deferred,
    filed      text not null,
    seed       blob not null,
    body       blob not null
) strict;
create unique index reports_id on reports (holder, id);
create index reports_holder on reports (holder);

-- derived rests on source; both are portions that the holder holds.
create table edges (
    holder          text not null,
    source_report   text not null,
    source_portion  text not null,
    derived_report  text not null,
    derived_portion text not null,
    primary key (holder, source_report, source_portion, derived_report, derived_portion)
) strict, without rowid;
create unique index edges_back on edges (holder, derived_report, derived_portion, source_report, source_portion);

create table disclosures (
    seq        integer primary key,
    statement  text not null unique references entries (id) deferrable initially deferred,
    holder     text not null,
    report     text not null,
    recipient  text not null,
    mode       text not null,
    occurred   text not null,
    recorded   text not null,
    after_fact integer not null,
    copy       text not null,
    gist       text not null,
    salt       blob not null
) strict;
create index disclosures_report on disclosures (holder, report);

create table disclosed (
    holder     text not null,
    report     text not null,
    portion    text not null,
    disclosure integer not null references disclosures (seq),
    primary key (holder, report, portion, disclosure)
) strict, without rowid;

create table copies (
    seq        integer primary key,
    id         text not null unique,
    holder     text not null,
    report     text not null,
    recipient  text not null,
    disclosure text not null references entries (id) deferrable initially deferred,
    made       text not null,
    seed       blob not null,
    choices    text not null,
    digest     blob not null,
    content    blob not null,
    handed_out integer not null,
    spec       blob not null
) strict;
create index copies_report on copies (holder, report);
create index copies_disclosure on copies (disclosure);
create index copies_pending on copies (holder, report, recipient, content) where handed_out = 0;

create table requests (
    seq        integer primary key,
    id         text not null unique,
    holder     text not null,
    originator text not null,
    recipient  text not null,
    report     text not null,
    portions   text not null,
    state      text not null,
    conditions text not null,
    until      text not null,
    answer     text not null,
    asked      text not null
) strict;
create index requests_holder on requests (holder, asked);
create index requests_originator on requests (originator, asked);

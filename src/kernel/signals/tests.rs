use super::*;

fn signals() -> Signals {
    Signals::new(Uuid::from_u128(1), Duration::from_secs(1))
}

fn events(count: u128) -> Signal {
    let event = |number| WrittenEvent { id: DomainEventId(Uuid::from_u128(number)), topic: "product.updated".into() };
    Signal::EventsWritten { store: StoreId(Uuid::from_u128(7)), events: (0..count).map(event).collect() }
}

fn heard(receiver: &mut broadcast::Receiver<Signal>) -> Vec<Signal> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

#[test]
fn a_commit_travels_in_as_few_messages_as_postgresql_takes() {
    let (here, there) = (signals(), Signals::new(Uuid::from_u128(2), Duration::from_secs(1)));
    let mut receiver = there.subscribe();
    let changed = Signal::StoreChanged(StoreId(Uuid::from_u128(7)));
    let small = here.prepare(vec![changed.clone(), events(3)]);
    assert_eq!(small.len(), 1);
    let large = here.prepare(vec![changed, events(1_000)]);
    assert!(large.len() > 1 && large.iter().all(|message| message.text.len() < 8_000));
    large.iter().for_each(|message| there.hear_message(&message.text));
    let ids: Vec<DomainEventId> = heard(&mut receiver)
        .iter()
        .flat_map(|signal| match signal {
            Signal::EventsWritten { events, .. } => events.iter().map(|event| event.id).collect(),
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(ids, (0..1_000).map(|number| DomainEventId(Uuid::from_u128(number))).collect::<Vec<_>>());
}

#[test]
fn what_is_too_long_or_unknown_is_told_as_missed() {
    let (here, there) = (signals(), Signals::new(Uuid::from_u128(2), Duration::from_secs(1)));
    let mut receiver = there.subscribe();
    let long = Signal::Note { channel: "spent".into(), payload: Arc::new("x".repeat(9_000).into()) };
    here.prepare(vec![long]).iter().for_each(|message| there.hear_message(&message.text));
    for text in ["changed", "", "{\"n\":\"00000000-0000-0000-0000-000000000001\",\"i\":1,\"s\":[\"moved\"]}"] {
        there.hear_message(text);
    }
    assert_eq!(heard(&mut receiver), vec![Signal::Missed; 4]);
}

#[test]
fn a_node_hears_its_own_commit_once_in_either_order() {
    let here = signals();
    let mut receiver = here.subscribe();
    here.listens(mpsc::channel(1).0);
    for comes_first in [true, false] {
        let messages = here.prepare(vec![events(2)]);
        let text = messages[0].text.clone();
        if comes_first {
            here.hear_message(&text);
        }
        here.hear_own(messages, true);
        if !comes_first {
            here.hear_message(&text);
        }
        assert_eq!(heard(&mut receiver), vec![events(2)]);
    }
    // A commit of which the outcome is not known may come to pass after it was heard.
    let messages = here.prepare(vec![events(2)]);
    let text = messages[0].text.clone();
    here.hear_own(messages, false);
    here.hear_message(&text);
    assert_eq!(heard(&mut receiver), vec![events(2); 2]);
}

#[test]
fn a_proof_grows_old_by_when_it_began() {
    let here = signals();
    let began = Instant::now();
    let after = |milliseconds| here.is_fresh_at(began + Duration::from_millis(milliseconds));
    assert!(!after(0), "nothing was proved yet");
    here.prove(began);
    assert!(after(0) && after(999));
    assert!(!after(1_000), "it began a second ago");
    here.prove(began + Duration::from_millis(1_500));
    assert!(after(2_499) && !after(2_500));
    here.doubt();
    assert!(!after(1_500), "the connection was lost");
}

#[test]
fn epochs_move_for_whom_they_must() {
    let here = signals();
    let [linden, rival] = [1, 2].map(|id| OrganizationId(Uuid::from_u128(id)));
    let [store, sister, other] = [11, 12, 21].map(|id| StoreId(Uuid::from_u128(id)));
    let of = || [(linden, store), (linden, sister), (rival, other)].map(|(owner, id)| here.epochs().of(owner, id));
    let moved = |signal: Signal| {
        let (before, any) = (of(), here.epochs().any());
        here.hear_all(vec![signal]);
        let moved: Vec<bool> = of().iter().zip(before).map(|(now, then)| *now != then).collect();
        assert_eq!(here.epochs().any() != any, moved.contains(&true));
        moved
    };
    assert_eq!(moved(Signal::StoreChanged(store)), [true, false, false]);
    assert_eq!(moved(Signal::OrganizationChanged(linden)), [true, true, false]);
    assert_eq!(moved(Signal::Missed), [true, true, true]);
    assert_eq!(moved(Signal::StoreChanged(other)), [false, false, true]);
    assert_eq!(moved(Signal::AccountChanged(UserId(Uuid::from_u128(1)))), [false, false, false]);
    assert_eq!(moved(events(1)), [false, false, false]);
}

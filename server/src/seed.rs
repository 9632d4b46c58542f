//! A company to look at: 12 people and 400 tasks around today, made by the same commands as any other, at past moments.
//! Only into a database that has nobody in it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Europe::Moscow;
use domain::{Action, Priority, Role, StatusKind};

use crate::app::App;
use crate::auth::{self, Viewer, command_line};
use crate::clock::Clock;
use crate::comment;
use crate::db::columns::{Locale, SessionId, TaskId, Timestamp, UserId};
use crate::error::{Error, Result};
use crate::log;
use crate::notification;
use crate::task::{self, Edition, NewTask};
use crate::throttle::Throttles;

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;
/// Tasks in the company.
const TASKS: usize = 400;
/// How long the company has been at work, in days.
const PAST: i64 = 45;

const PEOPLE: [(&str, &str, Role); 12] = [
    ("Ольга Смирнова", "admin@vekha.example", Role::Admin),
    ("Анна Иванова", "ivanova@vekha.example", Role::Supervisor),
    ("Сергей Орлов", "orlov@vekha.example", Role::Supervisor),
    ("Мария Кузнецова", "kuznetsova@vekha.example", Role::Supervisor),
    ("Пётр Соколов", "sokolov@vekha.example", Role::Manager),
    ("Елена Попова", "popova@vekha.example", Role::Manager),
    ("Дмитрий Лебедев", "lebedev@vekha.example", Role::Manager),
    ("Наталья Козлова", "kozlova@vekha.example", Role::Manager),
    ("Алексей Новиков", "novikov@vekha.example", Role::Manager),
    ("Ирина Морозова", "morozova@vekha.example", Role::Manager),
    ("Семён Волков", "volkov@vekha.example", Role::Manager),
    ("Юлия Фёдорова", "fedorova@vekha.example", Role::Manager),
];

const DEEDS: [&str; 20] = [
    "Подготовить отчёт для",
    "Согласовать договор с",
    "Выставить счёт для",
    "Позвонить в",
    "Собрать коммерческое предложение для",
    "Провести сверку с",
    "Обновить карточку клиента",
    "Назначить встречу с",
    "Проверить отгрузку для",
    "Получить закрывающие документы от",
    "Рассчитать скидку для",
    "Разобрать рекламацию от",
    "Подготовить презентацию для",
    "Уточнить сроки поставки у",
    "Продлить договор с",
    "Собрать отзывы у",
    "Заказать пропуск для",
    "Отправить образцы в",
    "Проверить дебиторскую задолженность",
    "Спланировать обучение для",
];

const CUSTOMERS: [&str; 16] = [
    "«Северный ветер»",
    "«Альфа-Строй»",
    "«Ромашка»",
    "«Техноимпорт»",
    "«Волга-Логистик»",
    "«Дом книги»",
    "«Уральский кедр»",
    "«Балтика-Трейд»",
    "«Мегаполис»",
    "«Зелёный берег»",
    "«Южный порт»",
    "«Гранит»",
    "«Медтехника»",
    "«Сибирские сети»",
    "«Арт-мебель»",
    "«Чайный дом»",
];

const REMARKS: [&str; 6] = [
    "Документы уже у бухгалтерии, жду подписи.",
    "Дозвониться не получилось, повторю завтра утром.",
    "Клиент просит перенести встречу на следующую неделю.",
    "Готово, прошу посмотреть.",
    "Нужны реквизиты — кто может прислать?",
    "Принято, спасибо!",
];

const RETURNS: [&str; 3] = [
    "Не хватает приложения к договору.",
    "Цифры за прошлый месяц не сходятся.",
    "Нужна подпись руководителя.",
];

/// Who can sign in to the company, all with one password made for the occasion.
#[derive(Clone, Debug)]
pub struct Company {
    /// The password.
    pub password: String,
    /// Name, address and role.
    pub people: Vec<(&'static str, &'static str, Role)>,
}

/// Fills a database that has nobody in it; `None` where somebody is.
pub async fn demo(app: &Arc<App>) -> Result<Option<Company>> {
    if auth::has_account(app.db.reads()).await? {
        return Ok(None);
    }
    let end = app.clock.now();
    let past = Past::of(app, Timestamp(end.0.saturating_sub(PAST.saturating_mul(DAY))))?;
    let password = command_line::generate_password(app.random)?;
    let mut people = Vec::new();
    for (name, email, role) in PEOPLE {
        let row = command_line::create_user(&past.app, role, email, name, &password).await?;
        people.push(viewer(row.id, role, end));
    }
    let mut steps = plan(&people, end);
    steps.sort_by_key(|step| step.at);
    let mut tasks = HashMap::new();
    let mut expired_until = 0;
    let caught_up = end.0.saturating_sub(DAY);
    let mut has_caught_up = false;
    for step in steps {
        if step.at > caught_up && !has_caught_up {
            past.be_at(caught_up);
            read_all(&past.app, &people).await?;
            has_caught_up = true;
        }
        past.be_at(step.at);
        if step.at.saturating_sub(expired_until) > 2 * HOUR {
            task::overdue::expire_due(&past.app).await?;
            expired_until = step.at;
        }
        carry_out(&past.app, step, &mut tasks).await?;
    }
    past.be_at(end.0);
    task::overdue::expire_due(&past.app).await?;
    Ok(Some(Company { password, people: PEOPLE.to_vec() }))
}

/// Everybody reads what they were told: what is left unread is the last day's.
async fn read_all(app: &App, people: &[Viewer]) -> Result<()> {
    let until = log::end(&app.db).await?;
    for person in people {
        notification::read_all(app, person, until).await?;
    }
    Ok(())
}

/// The same process, at an earlier moment.
struct Past {
    app: App,
    clock: Clock,
}

impl Past {
    fn of(app: &App, beginning: Timestamp) -> Result<Self> {
        let clock = Clock::standing_at(beginning);
        let app = App {
            config: app.config.clone(),
            db: app.db.clone(),
            hub: Arc::clone(&app.hub),
            clock: clock.clone(),
            random: app.random,
            secrets: app.secrets.clone(),
            hashing: auth::Hashing::default(),
            throttles: Throttles::of(&app.config),
            search: Arc::clone(&app.search),
            parts: Arc::clone(&app.parts),
        };
        Ok(Past { app, clock })
    }

    fn be_at(&self, moment: i64) {
        let ahead = moment.saturating_sub(self.clock.now().0);
        self.clock.advance(Duration::from_millis(u64::try_from(ahead).unwrap_or_default()));
    }
}

fn viewer(id: UserId, role: Role, now: Timestamp) -> Viewer {
    Viewer { id, role, session: SessionId(0), locale: Locale::Ru, time_zone: Moscow, expires_at: now }
}

/// What somebody does at a moment, to the task of that place in the plan.
struct Step {
    at: i64,
    place: usize,
    who: Viewer,
    deed: Deed,
}

enum Deed {
    Create(NewTask),
    Act(Action, Option<&'static str>),
    Remark(&'static str),
    Postpone(i64),
}

/// Numbers that look random and are the same each time: SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to and without `bound`.
    fn below(&mut self, bound: i64) -> i64 {
        let bound = u64::try_from(bound).unwrap_or(1).max(1);
        i64::try_from(self.next() % bound).unwrap_or_default()
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let place = self.below(i64::try_from(from.len()).unwrap_or(i64::MAX));
        usize::try_from(place).ok().and_then(|place| from.get(place)).cloned()
    }
}

fn plan(people: &[Viewer], end: Timestamp) -> Vec<Step> {
    let mut numbers = Numbers(0x0076_656B_6861);
    let supervisors: Vec<&Viewer> = people.iter().filter(|person| person.role == Role::Supervisor).collect();
    let managers: Vec<&Viewer> = people.iter().filter(|person| person.role == Role::Manager).collect();
    let mut steps = Vec::new();
    for place in 0..TASKS {
        let (Some(creator), Some(assignee)) = (numbers.pick(&supervisors), numbers.pick(&managers)) else {
            continue;
        };
        let (Some(deed), Some(customer)) = (numbers.pick(&DEEDS), numbers.pick(&CUSTOMERS)) else { continue };
        // More of late than long ago.
        let age = numbers.below(PAST).min(numbers.below(PAST)).saturating_mul(DAY);
        let created =
            working_hour(end.0.saturating_sub(age), numbers.below(9)).min(end.0.saturating_sub(HOUR));
        let term = numbers.below(18).saturating_add(1).saturating_mul(DAY);
        let deadline = working_hour(created.saturating_add(term), numbers.below(9));
        let has_deadline = numbers.chance(88) && deadline > created;
        let requires_review = numbers.chance(80);
        let priority = match numbers.below(10) {
            0 | 1 => Priority::High,
            2 => Priority::Low,
            _ => Priority::Normal,
        };
        let mut step = |at: i64, who: &Viewer, deed: Deed| {
            if at <= end.0 {
                steps.push(Step { at, place, who: who.clone(), deed });
            }
        };
        step(
            created,
            creator,
            Deed::Create(NewTask {
                title: format!("{deed} {customer}"),
                description: description(place),
                assignee: Some(assignee.id),
                deadline: has_deadline.then_some(Timestamp(deadline)),
                priority,
                requires_review,
                idempotency_key: None,
            }),
        );
        let mut at = created.saturating_add(numbers.below(2 * DAY)).saturating_add(HOUR);
        if numbers.chance(4) {
            step(at, creator, Deed::Act(Action::Defer, None));
            continue;
        }
        if !numbers.chance(88) {
            continue;
        }
        step(at, assignee, Deed::Act(Action::Start, None));
        if numbers.chance(35)
            && let Some(remark) = numbers.pick(&REMARKS)
        {
            let who = if numbers.chance(70) { assignee } else { creator };
            step(at.saturating_add(numbers.below(DAY)), who, Deed::Remark(remark));
        }
        if has_deadline && numbers.chance(14) {
            let before = deadline.saturating_sub(numbers.below(DAY)).saturating_sub(HOUR);
            step(
                before.max(at),
                creator,
                Deed::Postpone(numbers.below(5).saturating_add(2).saturating_mul(DAY)),
            );
        }
        at = at.saturating_add(numbers.below(term)).saturating_add(2 * HOUR);
        if numbers.chance(12) {
            continue;
        }
        step(at, assignee, Deed::Act(Action::Submit, None));
        if !requires_review {
            continue;
        }
        at = at.saturating_add(numbers.below(DAY)).saturating_add(HOUR);
        if numbers.chance(15) {
            step(at, creator, Deed::Act(Action::Return, numbers.pick(&RETURNS)));
            at = at.saturating_add(numbers.below(DAY)).saturating_add(HOUR);
            step(at, assignee, Deed::Act(Action::Submit, None));
            at = at.saturating_add(numbers.below(DAY)).saturating_add(HOUR);
        }
        if numbers.chance(85) {
            step(at, creator, Deed::Act(Action::Accept, None));
        }
    }
    steps
}

/// Between 9 and 18 in Moscow on the day of that moment.
fn working_hour(moment: i64, hour: i64) -> i64 {
    let midnight = moment.saturating_sub(moment.saturating_add(3 * HOUR).rem_euclid(DAY));
    midnight.saturating_add(hour.saturating_add(9).saturating_mul(HOUR))
}

fn description(place: usize) -> String {
    match place % 3 {
        0 => "Что нужно:\n\n- проверить данные в карточке клиента;\n- согласовать с бухгалтерией;\n- приложить документы."
            .to_owned(),
        1 => "Подробности — в переписке. Если что-то неясно, **спросите до начала работы**.".to_owned(),
        _ => String::new(),
    }
}

async fn carry_out(app: &App, step: Step, tasks: &mut HashMap<usize, TaskId>) -> Result<()> {
    let Step { place, who, deed, .. } = step;
    if let Deed::Create(new) = deed {
        let row = task::create(app, &who, new).await?;
        tasks.insert(place, row.id);
        return Ok(());
    }
    let Some(id) = tasks.get(&place).copied() else { return Ok(()) };
    let Some(row) = task::query::one(app, &who, id).await? else { return Ok(()) };
    let edition = Edition { id: Some(id), version: row.version };
    let done = match deed {
        Deed::Create(_) => return Ok(()),
        Deed::Act(action, reason) => task::transition(app, &who, edition, action, reason).await.map(|_| ()),
        Deed::Remark(remark) => comment::add(app, &who, Some(id), remark, None).await.map(|_| ()),
        Deed::Postpone(by) => match row.deadline {
            Some(deadline) if row.status.0 != StatusKind::Done => {
                let later = Timestamp(deadline.0.saturating_add(by));
                task::change_deadline(app, &who, edition, Some(later)).await.map(|_| ())
            }
            Some(_) | None => Ok(()),
        },
    };
    match done {
        // What the plan wants no longer fits what became of the task: life goes on.
        Err(Error::User(_)) => Ok(()),
        other => other,
    }
}

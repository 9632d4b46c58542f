//! The words of the administrator's table beyond those that others share.

pub struct PeopleWords {
    pub find: &'static str,
    pub everyone: &'static str,
    pub none: &'static str,
    pub step_down: &'static str,
    pub step_down_question: &'static str,
    pub step_down_submit: &'static str,
    pub invitations: &'static str,
    pub open: &'static str,
    pub revoke: &'static str,
    pub revoked: &'static str,
    pub open_registration: &'static str,
    pub registration_fixed: &'static str,
    pub opened: &'static str,
    pub closed: &'static str,
}

pub const RUSSIAN: PeopleWords = PeopleWords {
    find: "Найти по имени или почте",
    everyone: "Все роли",
    none: "Никого не нашлось",
    step_down: "Отказ от роли администратора",
    step_down_question: "Эта страница станет для вас недоступна. Вернуть роль сможет только другой администратор.",
    step_down_submit: "Отказаться от роли",
    invitations: "Открытые приглашения",
    open: "Действует",
    revoke: "Отозвать",
    revoked: "Отозвано",
    open_registration: "Регистрация без приглашения",
    registration_fixed: "Задано при запуске сервера",
    opened: "Теперь можно зарегистрироваться без приглашения",
    closed: "Теперь зарегистрироваться можно только по приглашению",
};

pub const ENGLISH: PeopleWords = PeopleWords {
    find: "Find by name or email",
    everyone: "All roles",
    none: "Nobody found",
    step_down: "Giving up the role of administrator",
    step_down_question: "This page will be closed to you. Only another administrator can give the role back.",
    step_down_submit: "Give the role up",
    invitations: "Open invitations",
    open: "Open",
    revoke: "Revoke",
    revoked: "Revoked",
    open_registration: "Registration without an invitation",
    registration_fixed: "Set when the server was started",
    opened: "Anyone can register now",
    closed: "Only the invited can register now",
};

//! `vekha user`: accounts from the machine itself.

use std::io::Read;

use clap::{Args, Subcommand, ValueEnum};
use domain::Role;
use server::auth::command_line;
use server::clock::Random;
use server::config::Settings;
use server::error::Error;

use crate::failure::Failure;
use crate::folder::open;
use crate::terminal::to;

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account. Prints its password where none is given.
    Create {
        #[command(flatten)]
        settings: Box<Settings>,
        #[arg(long, value_enum)]
        role: RoleName,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        password: ChosenPassword,
    },
    /// Set a password and end the sign-ins of its owner. Prints the password where none is given.
    Password {
        #[command(flatten)]
        settings: Box<Settings>,
        #[arg(long)]
        email: String,
        #[command(flatten)]
        password: ChosenPassword,
    },
}

#[derive(Args)]
pub(crate) struct ChosenPassword {
    /// Read the password from standard input instead of making one up.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    Admin,
    Supervisor,
    Manager,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Role::Admin,
            RoleName::Supervisor => Role::Supervisor,
            RoleName::Manager => Role::Manager,
        }
    }
}

pub(crate) async fn user(command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Create { settings, role, email, name, password } => {
            let (app, _in_use) = open(settings).await?;
            let (password, made_up) = password.choose()?;
            let person = command_line::create_user(&app, role.into(), &email, &name, &password).await?;
            tell_password(&person.email, &password, made_up);
        }
        UserCommand::Password { settings, email, password } => {
            let (app, _in_use) = open(settings).await?;
            let (password, made_up) = password.choose()?;
            let person = command_line::set_password(&app, &email, &password).await?;
            tell_password(&person.email, &password, made_up);
        }
    }
    Ok(())
}

impl ChosenPassword {
    /// The password, and whether it was made up here.
    fn choose(&self) -> Result<(String, bool), Failure> {
        if !self.password_stdin {
            return Ok((command_line::generate_password(Random).map_err(Error::from)?, true));
        }
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(Failure::new)?;
        Ok((text.trim_end_matches(['\r', '\n']).to_owned(), false))
    }
}

fn tell_password(email: &str, password: &str, made_up: bool) {
    let out = &mut std::io::stdout();
    if made_up { to(out, format_args!("{email} {password}")) } else { to(out, email) }
}
